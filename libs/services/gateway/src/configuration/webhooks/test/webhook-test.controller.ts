import { CurrentProject, type AuthenticatedProject } from '@headrace/http';
import { Body, Controller, HttpCode, Param, Post, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ConfigurationRoute } from '../../configuration-route.decorator.js';
import { DatabaseErrorsInterceptor } from '../../database-errors.interceptor.js';
import { WebhookTestDto } from './webhook-test.dto.js';
import { webhookTestView, WebhookTestView } from './webhook-test.view.js';
import { WebhookTester } from './webhook-tester.js';

/** Tries a webhook endpoint out. */
@ApiTags('webhooks')
@UseInterceptors(DatabaseErrorsInterceptor)
@Controller('v1/webhooks')
export class WebhookTestController {
  constructor(private readonly tester: WebhookTester) {}

  /** 200 whatever the receiver did: `attempt` tells. */
  @Post(':id/test')
  @HttpCode(200)
  @ConfigurationRoute('Send samples to a webhook endpoint and see its answers', 'not_found', 'rate_limit_exceeded')
  @ApiOkResponse({ type: WebhookTestView })
  async test(
    @Param('id') id: string,
    @Body() { type }: WebhookTestDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<WebhookTestView> {
    return webhookTestView(await this.tester.test(projectId, id, type));
  }
}
