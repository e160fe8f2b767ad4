import { HeadraceSettings } from '@headrace/config';
import { parseAiSdkPackages, ProviderCatalogue } from '@headrace/providers';
import { Module } from '@nestjs/common';

/** What is known of the AI providers, those included that the operator has added. */
@Module({
  providers: [
    {
      provide: ProviderCatalogue,
      inject: [HeadraceSettings],
      useFactory: ({ aiSdkProviders }: HeadraceSettings) =>
        new ProviderCatalogue(parseAiSdkPackages(aiSdkProviders).map(({ provider }) => provider)),
    },
  ],
  exports: [ProviderCatalogue],
})
export class ProviderCatalogueModule {}
