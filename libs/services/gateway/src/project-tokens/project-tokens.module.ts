import { Module } from '@nestjs/common';
import { ProjectTokensController } from './project-tokens.controller.js';

/** Tokens for the topics of projects. */
@Module({ controllers: [ProjectTokensController] })
export class ProjectTokensModule {}
