import type { ModelPrice } from '@headrace/contracts';
import { providerPrices, type ProviderPrices } from './provider-prices.js';

/** Of which month the list is. */
export const listPricesDate = '2026-11';

const days = providerPrices.map(({ title, readOn }) => `${title} ${readOn}`).join(', ');

/** Where the list comes from, for people. */
export const listPricesSource =
  "The providers' public price pages and records of them, for calls that answer at once (no batch, flex or priority " +
  `tier, the smallest context tier, off-peak), typed in by hand and followed until: ${days}. Providers change prices ` +
  'without notice: check them before you bill by them.';

const pricesOf = ({ provider, rows, cacheWrites }: ProviderPrices): ModelPrice[] =>
  rows.map(([model, inputUsd, outputUsd, cachedInputUsd = null]) => {
    const price = { provider, model, inputUsd, outputUsd, cachedInputUsd };
    if (!cacheWrites?.models.test(model)) return price;
    const { input, inputForAnHour = input } = cacheWrites;
    return { ...price, cacheWriteUsd: times(inputUsd, input), cacheWriteHourUsd: times(inputUsd, inputForAnHour) };
  });

/** Without what multiplication leaves over behind the sixth decimal. */
const times = (usd: number, factor: number): number => Math.round(usd * factor * 1e6) / 1e6;

/** How OpenRouter calls the makers whose models it sells at the makers' own prices, whoever serves them. */
const openRouterMakers: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  xai: 'x-ai',
};

/** OpenRouter writes `anthropic/claude-opus-4.5` where Anthropic writes `claude-opus-4-5`. */
const openRouterName = (maker: string, model: string): string =>
  `${maker}/${maker === 'anthropic' ? model.replace(/(\d)-(\d)(?!\d)/, '$1.$2') : model}`;

const openRouterPrices = providerPrices.flatMap((prices) => {
  const maker = openRouterMakers[prices.provider];
  if (maker === undefined) return [];
  return pricesOf(prices).map((price) => ({
    ...price,
    provider: 'openrouter',
    model: openRouterName(maker, price.model),
  }));
});

/** Whoever runs the model himself pays nobody for tokens. */
const freeOfCharge = ['ollama', 'llamacpp', 'lmstudio', 'vllm', 'offline'];

/** Prices of well-known models, in US dollars for a million tokens. Operators put their own in front of them. */
export const listPrices: readonly ModelPrice[] = [
  ...providerPrices.flatMap(pricesOf),
  ...openRouterPrices,
  ...freeOfCharge.map((provider) => ({ provider, model: '*', inputUsd: 0, outputUsd: 0, cachedInputUsd: 0 })),
];
