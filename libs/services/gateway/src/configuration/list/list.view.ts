import type { Page } from '@headrace/project-store';
import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { encodeCursor } from './cursor.js';

/** One page of a list as it goes out. */
export interface ListView<View> {
  readonly data: readonly View[];
  /** Null on the last page. */
  readonly next_cursor: string | null;
}

/** A page with each item as it goes out. */
export const listView = <Item, View>({ items, next }: Page<Item>, view: (item: Item) => View): ListView<View> => ({
  data: items.map(view),
  next_cursor: next && encodeCursor(next),
});

/** Documents that a route answers with a page of `view`. */
export const ApiListResponse = (view: Type): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(view),
    ApiOkResponse({
      schema: {
        type: 'object',
        required: ['data', 'next_cursor'],
        properties: {
          data: { type: 'array', items: { $ref: getSchemaPath(view) } },
          next_cursor: { type: 'string', nullable: true },
        },
      },
    }),
  );
