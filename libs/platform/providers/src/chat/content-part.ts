import type { Json, JsonObject } from '@headrace/contracts';
import { badRequest } from './bad-request.js';
import { isObject, objectIn, text } from './json.js';

/** A part of a message, read from OpenAI's content parts. */
export type ContentPart =
  | { readonly type: 'text'; readonly text: string; /** As it was written. */ readonly source: JsonObject }
  | { readonly type: 'media'; readonly media: Media };

/** An image, a sound or a document, and where it is. */
export interface Media {
  readonly kind: 'image' | 'audio' | 'file';
  /** Field of the request that it came from, for error messages. */
  readonly field: string;
  readonly content: MediaContent;
  /** Name of a file, when one was given. */
  readonly name?: string;
  /** How closely to look at an image: `low`, `high`, `auto`. */
  readonly detail?: string;
}

/** The bytes, or a URL from which the provider loads them itself. */
export type MediaContent =
  { readonly mediaType: string; /** Base64. */ readonly data: string } | { readonly url: string };

/** The parts of a message's content: a text, a list of parts, or nothing. `field`: its name, for error messages. */
export function readContent(content: Json | undefined, field: string): ContentPart[] {
  if (content === null || content === undefined) return [];
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content, source: {} }];
  if (!Array.isArray(content)) throw badRequest(`${field} must be a text or a list of content parts.`);
  return content.flatMap((part, index) => readPart(part, `${field}[${index}]`));
}

function readPart(part: Json, field: string): ContentPart[] {
  if (typeof part === 'string') return readContent(part, field);
  const source = objectIn(part);
  switch (source.type) {
    case 'text':
    case 'refusal': {
      const written = text(source.text) ?? text(source.refusal);
      if (written === undefined) throw badRequest(`${field}.text must be a text.`);
      return written === '' ? [] : [{ type: 'text', text: written, source }];
    }
    case 'image_url':
      return [{ type: 'media', media: readImage(source.image_url, `${field}.image_url`) }];
    case 'input_audio':
      return [{ type: 'media', media: readAudio(source.input_audio, `${field}.input_audio`) }];
    case 'file':
      return [{ type: 'media', media: readFile(source.file, `${field}.file`) }];
    default:
      throw badRequest(`${field}.type must be one of text, image_url, input_audio, file.`);
  }
}

function readImage(image: Json | undefined, field: string): Media {
  const { url = image, detail } = objectIn(image);
  if (typeof url !== 'string') throw badRequest(`${field}.url must be an https: or data: URL.`);
  return {
    kind: 'image',
    field,
    content: contentOf(url, `${field}.url`),
    ...(typeof detail === 'string' ? { detail } : {}),
  };
}

function readAudio(audio: Json | undefined, field: string): Media {
  const { data, format } = objectIn(audio);
  if (typeof data !== 'string' || typeof format !== 'string' || !/^[\w.+-]+$/.test(format)) {
    throw badRequest(`${field} must have data (base64) and format (wav, mp3, …).`);
  }
  return { kind: 'audio', field, content: { mediaType: `audio/${format}`, data } };
}

function readFile(file: Json | undefined, field: string): Media {
  const { file_data: data, file_id: id, file_url: url, filename } = isObject(file) ? file : {};
  const address = [data, url].find((value) => typeof value === 'string');
  if (address === undefined) {
    throw badRequest(
      id === undefined
        ? `${field} must have file_data, a data: URL.`
        : `${field}.file_id names a file at another provider: send the file as file_data, a data: URL.`,
    );
  }
  const name = text(filename);
  return { kind: 'file', field, content: contentOf(address, `${field}.file_data`), ...(name ? { name } : {}) };
}

/** RFC 2397; parameters of the media type are left out. */
const dataUrl = /^data:([\w.+-]+\/[\w.+-]+)(?:;[^;,]+)*;base64,(.*)$/s;

function contentOf(address: string, field: string): MediaContent {
  const [, mediaType, data] = dataUrl.exec(address) ?? [];
  if (mediaType !== undefined && data !== undefined) return { mediaType: mediaType.toLowerCase(), data };
  if (/^https?:\/\//i.test(address)) return { url: address };
  throw badRequest(`${field} must be an https: URL or a data: URL with base64.`);
}
