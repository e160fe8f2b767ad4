import { Module } from '@nestjs/common';
import { ChatCompletionsController } from './openai/chat-completions.controller.js';
import { ModelsController } from './openai/models.controller.js';
import { ProviderCatalogueModule } from './provider-catalogue.module.js';
import { RequestModule } from './request.module.js';
import { AnswerWaits } from './sync/answer-waits.js';
import { AnswerStreams } from './sync/stream/answer-streams.js';
import { SyncRequestController } from './sync/sync-request.controller.js';
import { SyncRequests } from './sync/sync-requests.js';

/** Answering requests on the connection that they came by, in our own form and in OpenAI's. */
@Module({
  imports: [RequestModule, ProviderCatalogueModule],
  controllers: [SyncRequestController, ChatCompletionsController, ModelsController],
  providers: [AnswerWaits, SyncRequests, AnswerStreams],
})
export class SyncModule {}
