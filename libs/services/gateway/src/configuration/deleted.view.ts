import { ApiProperty } from '@nestjs/swagger';

/** Answer of every DELETE. */
export class DeletedView {
  @ApiProperty()
  id: string;

  @ApiProperty({ enum: [true] })
  deleted: true;
}

/** Says that something is gone. */
export const deletedView = (id: string): DeletedView => ({ id, deleted: true });
