import { CurrentProject, invalidFields, type AuthenticatedProject } from '@headrace/http';
import { StructuredOutputAdministration, type NewStructuredOutput } from '@headrace/project-store';
import { Body, Controller, Delete, Get, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ConfigurationRoute } from '../configuration-route.decorator.js';
import { DatabaseErrorsInterceptor } from '../database-errors.interceptor.js';
import { deletedView, DeletedView } from '../deleted.view.js';
import { ListQueryDto, pageRequestOf } from '../list/list-query.dto.js';
import { ApiListResponse, listView, type ListView } from '../list/list.view.js';
import { structuredOutputViolations } from './sample-data.rules.js';
import { NewStructuredOutputDto, StructuredOutputChangesDto } from './structured-output.dto.js';
import { structuredOutputView, StructuredOutputView } from './structured-output.view.js';
import { wantedSchema } from './wanted-schema.js';

/** The JSON Schemas that a project's answers must fit. */
@ApiTags('structured outputs')
@UseInterceptors(DatabaseErrorsInterceptor)
@Controller('v1/structured-outputs')
export class StructuredOutputsController {
  constructor(private readonly outputs: StructuredOutputAdministration) {}

  @Post()
  @ConfigurationRoute('Save a structured output', 'conflict')
  @ApiCreatedResponse({ type: StructuredOutputView })
  async create(
    @Body() { name, schema, sample_data }: NewStructuredOutputDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<StructuredOutputView> {
    const wanted = wantedSchema(schema);
    const output = { name, schema: wanted.schema, sampleData: sample_data ?? wanted.example };
    requireUsable(output);
    return structuredOutputView(await this.outputs.create(projectId, output));
  }

  @Get()
  @ConfigurationRoute('List structured outputs, newest first')
  @ApiListResponse(StructuredOutputView)
  async list(
    @Query() query: ListQueryDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<ListView<StructuredOutputView>> {
    return listView(await this.outputs.list(projectId, pageRequestOf(query)), structuredOutputView);
  }

  @Get(':id_or_name')
  @ConfigurationRoute('Get a structured output by its id or name', 'not_found')
  @ApiOkResponse({ type: StructuredOutputView })
  async show(
    @Param('id_or_name') id: string,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<StructuredOutputView> {
    return structuredOutputView(await this.outputs.find(projectId, id));
  }

  @Patch(':id_or_name')
  @ConfigurationRoute('Change a structured output', 'not_found', 'conflict')
  @ApiOkResponse({ type: StructuredOutputView })
  async update(
    @Param('id_or_name') id: string,
    @Body() { name, schema, sample_data: sampleData }: StructuredOutputChangesDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<StructuredOutputView> {
    const wanted = schema && wantedSchema(schema);
    const changes = { name, schema: wanted?.schema, sampleData: sampleData ?? wanted?.example ?? sampleData };
    return structuredOutputView(await this.outputs.update(projectId, id, changes, requireUsable));
  }

  @Delete(':id_or_name')
  @ConfigurationRoute('Remove a structured output that no workflow uses', 'not_found', 'conflict')
  @ApiOkResponse({ type: DeletedView })
  async remove(
    @Param('id_or_name') id: string,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<DeletedView> {
    return deletedView(await this.outputs.remove(projectId, id));
  }
}

function requireUsable({ schema, sampleData }: NewStructuredOutput): void {
  const violations = structuredOutputViolations(schema, sampleData);
  if (violations.length > 0) throw invalidFields(violations);
}
