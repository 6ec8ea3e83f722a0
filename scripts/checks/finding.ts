/** Something that breaks a convention; a warning is shown and does not fail. */
export interface Finding {
  readonly file: string;
  readonly line?: number;
  readonly message: string;
  readonly isWarning?: boolean;
}

/** One convention as a program: reads the project below `root` and says where it is broken. */
export interface Check {
  readonly name: string;
  readonly run: (root: string) => readonly Finding[] | Promise<readonly Finding[]>;
}

export const lineOf = (text: string, index: number): number => text.slice(0, index).split("\n").length;
