export const unused = (): number => 0;
