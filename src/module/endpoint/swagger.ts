import { createRequire } from 'node:module';

type Decorators = Pick<
  typeof import('@nestjs/swagger'),
  'ApiBody' | 'ApiHeader' | 'ApiOperation' | 'ApiParam' | 'ApiResponse' | 'ApiSecurity' | 'ApiTags'
>;

const nothing = () => () => {};

/** Decorators of the host's `@nestjs/swagger`, or decorators without effect if it is not installed. */
export const { ApiBody, ApiHeader, ApiOperation, ApiParam, ApiResponse, ApiSecurity, ApiTags } = installed() ?? {
  ApiBody: nothing,
  ApiHeader: nothing,
  ApiOperation: nothing,
  ApiParam: nothing,
  ApiResponse: nothing,
  ApiSecurity: nothing,
  ApiTags: nothing,
};

function installed(): Decorators | undefined {
  const require = createRequire(import.meta.url);
  try {
    return require('@nestjs/swagger') as Decorators;
  } catch (error) {
    // An error of Jest's is no instance of this realm's `Error`.
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND' && message.includes("'@nestjs/swagger'")) return undefined;
    throw error;
  }
}
