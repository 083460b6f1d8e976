/** Nothing is recorded: the suite speaks to a server. */
export const env: NodeJS.ProcessEnv = process.env;
export const isLiveMode = (): boolean => true;
export const isPlaybackMode = (): boolean => false;
