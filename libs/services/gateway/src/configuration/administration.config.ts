import { Setting } from '@headrace/config';
import { IsOptional, MinLength } from 'class-validator';

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
  adminToken?: string;
}
