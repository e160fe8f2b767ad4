import { ApiErrors, CurrentProject, RequiresProjectKey, type AuthenticatedProject } from '@headrace/http';
import { ProviderCatalogue } from '@headrace/providers';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ModelDto, ModelListDto } from './model.dto.js';
import { modelTarget, modelView } from './models.js';

/** Tells OpenAI's clients which models there are: the workflows of the project. */
@ApiTags('openai')
@Controller(['v1/models', 'api/v1/models'])
export class ModelsController {
  constructor(private readonly catalogue: ProviderCatalogue) {}

  @Get()
  @RequiresProjectKey()
  @ApiOperation({ summary: 'List the workflows as models' })
  @ApiOkResponse({ type: ModelListDto })
  @ApiErrors('service_unavailable')
  list(@CurrentProject() { project }: AuthenticatedProject): ModelListDto {
    const workflows = [...project.workflows.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
    return { object: 'list', data: workflows.map((workflow) => modelView(workflow.name, { workflow })) };
  }

  /** Also a `provider/model` that could be asked. */
  @Get(':id')
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Show one model' })
  @ApiOkResponse({ type: ModelDto })
  @ApiErrors('model_not_found', 'service_unavailable')
  show(@Param('id') id: string, @CurrentProject() { project }: AuthenticatedProject): ModelDto {
    return modelView(id, modelTarget(id, project, this.catalogue));
  }

  /** The same for a client that does not encode the slash of `provider/model`. */
  @Get(':provider/*')
  @RequiresProjectKey()
  @ApiExcludeEndpoint()
  showOfProvider(
    @Param('provider') provider: string,
    @Param('*') model: string,
    @CurrentProject() asker: AuthenticatedProject,
  ): ModelDto {
    return this.show(`${provider}/${model}`, asker);
  }
}
