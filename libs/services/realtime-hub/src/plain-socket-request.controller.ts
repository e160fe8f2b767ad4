import { ApiError } from '@headrace/http';
import { All, Controller } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

/** Answers what comes to the socket's path without an upgrade, as Phoenix does: 400, whatever the method. */
@ApiExcludeController()
@Controller('socket/websocket')
export class PlainSocketRequestController {
  @All()
  refuse(): never {
    const advice = 'This path speaks WebSocket only: send an upgrade request, or use a Phoenix channels client.';
    throw new ApiError('invalid_request_error', advice);
  }
}
