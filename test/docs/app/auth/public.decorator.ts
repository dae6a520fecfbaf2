import { SetMetadata } from '@nestjs/common';

export const Public = (): ClassDecorator => SetMetadata('public', true);
