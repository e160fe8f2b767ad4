// Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.

export interface Model {
  /** Name of a workflow, or `provider/model`. */
  readonly id: string;
  readonly object: 'model';
  /** Unix seconds; 0 where it is not known. */
  readonly created: number;
  /** The provider that is asked first. */
  readonly owned_by: string;
}

export interface ModelList {
  readonly object: 'list';
  readonly data: readonly Model[];
}
