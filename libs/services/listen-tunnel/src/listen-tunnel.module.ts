import { Module } from '@nestjs/common';
import { ListenTunnel } from './listen-tunnel.js';
import { PlainListenRequestController } from './plain-listen-request.controller.js';

/** The server's side of `headrace listen`. */
@Module({ controllers: [PlainListenRequestController], providers: [ListenTunnel] })
export class ListenTunnelModule {}
