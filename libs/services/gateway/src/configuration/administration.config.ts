import { Setting } from '@headrace/config';
import { IsOptional, Matches, MinLength } from 'class-validator';

/** Who may do what no single project may. */
export class AdministrationSettings {
  @Setting({
    env: 'HEADRACE_ADMIN_TOKEN',
    secret: true,
    description: 'Bearer token that may create projects and change all of them: at least 16 characters.',
    defaultText: 'none: projects can only be changed by their own keys',
  })
  @IsOptional()
  @MinLength(16)
  @Matches(/^[\x21-\x7e]+$/, { message: 'adminToken must be printable ASCII without spaces' })
  adminToken?: string;
}
