import { Module } from '@nestjs/common';
import { CallbackTaker } from './callback.taker.js';
import { ReceiveCallbackController } from './receive-callback.controller.js';

/** The way back in for customers' backends. */
@Module({ controllers: [ReceiveCallbackController], providers: [CallbackTaker] })
export class CallbackModule {}
