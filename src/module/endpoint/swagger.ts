import { createRequire } from 'node:module';

type Decorators = Pick<
  typeof import('@nestjs/swagger'),
  'ApiBody' | 'ApiHeader' | 'ApiOperation' | 'ApiResponse' | 'ApiSecurity' | 'ApiTags'
>;

const nothing = () => () => {};

/** Decorators of the host's `@nestjs/swagger`, or decorators without effect if it is not installed. */
export const { ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiSecurity, ApiTags } = installed() ?? {
  ApiBody: nothing,
  ApiHeader: nothing,
  ApiOperation: nothing,
  ApiResponse: nothing,
  ApiSecurity: nothing,
  ApiTags: nothing,
};

function installed(): Decorators | undefined {
  const require = createRequire(import.meta.url);
  try {
    return require('@nestjs/swagger') as Decorators;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
    if (isMissing && error.message.includes("'@nestjs/swagger'")) return undefined;
    throw error;
  }
}
