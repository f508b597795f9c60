export const policy = (): number => 0;
