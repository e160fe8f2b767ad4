import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { applyDecorators } from '@nestjs/common';

const longestName = 200;

/** A text of at least one visible character. */
export const IsName = (): PropertyDecorator =>
  applyDecorators(
    MaxLength(longestName),
    Matches(/\S/, { message: '$property must not be blank' }),
    IsNotEmpty(),
    IsString(),
  );

/** The property may be left out, but not be null: it always has a value. */
export const IsLeftOutOr = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** A text that may be null or left out. */
export const IsOptionalText = (longest: number): PropertyDecorator =>
  applyDecorators(IsOptional(), MaxLength(longest), IsString());

/** A list of at least one name, or null, or left out. */
export const IsOptionalNames = (most = 100): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    IsArray(),
    ArrayNotEmpty(),
    ArrayMaxSize(most),
    ArrayUnique(),
    MaxLength(longestName, { each: true }),
    Matches(/\S/, { each: true, message: 'each value in $property must not be blank' }),
    IsString({ each: true }),
  );
