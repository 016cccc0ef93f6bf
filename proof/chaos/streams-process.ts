/** `streams/main.ts` in a chaos run: the same process, its commits shown step by step. */
import './step-display';
import '../../streams/main';
