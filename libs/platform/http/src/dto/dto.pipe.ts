import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { ApiError, invalidFields } from '../errors/api.error.js';
import { fieldViolations } from './field-violations.js';
import { instantiate } from './instantiate.js';
import type { DtoClass } from './nested.decorator.js';
import { isOptionalBody } from './optional-body.decorator.js';

const builtIn = new Set<unknown>([String, Boolean, Number, Array, Object]);

/**
 * Checks every body and query whose parameter has a DTO class. Fields that the class does not know stay:
 * they are never an error (CONTRACT section 1).
 */
@Injectable()
export class DtoPipe implements PipeTransform {
  transform(sent: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if ((type !== 'body' && type !== 'query') || metatype === undefined || builtIn.has(metatype)) return sent;
    const value = sent === undefined && isOptionalBody(metatype) ? {} : sent;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ApiError(
        'invalid_request_error',
        'Send a JSON object as the body, with Content-Type: application/json.',
      );
    }
    const dto = instantiate(metatype as DtoClass, value);
    const details = fieldViolations(dto);
    if (details.length > 0) throw invalidFields(details);
    return dto;
  }
}
