import { Module } from '@nestjs/common';
import { ReceiveCallbackController } from './receive-callback.controller.js';

/** The way back in for customers' backends. */
@Module({ controllers: [ReceiveCallbackController] })
export class CallbackModule {}
