import { serviceUnavailable } from '@headrace/http';
import { isDatabaseUnavailable } from '@headrace/postgres';

/** Reads; a database that is away becomes `service_unavailable`. */
export async function fromReadModel<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    throw serviceUnavailable('Past deliveries cannot be read now. Try again shortly.', error);
  }
}
