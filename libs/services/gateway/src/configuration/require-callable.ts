import { invalidFields } from '@headrace/http';
import type { AddressPolicy } from '@headrace/outbound-http';

/** Throws an answer that names the field when the system may not call the URL in it. */
export async function requireCallable(addresses: AddressPolicy, param: string, url: string): Promise<void> {
  const problem = await addresses.checkUrl(url);
  if (problem !== undefined) throw invalidFields([{ param, message: `${param}: ${problem}` }]);
}
