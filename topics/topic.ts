export * from '../platform/topic';
