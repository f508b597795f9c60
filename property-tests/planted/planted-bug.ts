/** A bug that is put into a copy of what was built, never into the product: one text of one file for another. */
export interface PlantedBug {
  readonly name: string;
  /** The id of the law that catches it. */
  readonly law: string;
  /** The file, below dist. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
}
