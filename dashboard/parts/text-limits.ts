/** How long texts may be; the edge refuses longer ones. */
export const REASON_CHARACTERS_MAX = 500;
export const NOTE_CHARACTERS_MAX = 2_000;
