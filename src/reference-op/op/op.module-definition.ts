import { ConfigurableModuleBuilder } from '@nestjs/common';
import { OP_OPTIONS, type OpOptions } from './op.options.js';

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } = new ConfigurableModuleBuilder<OpOptions>({
  optionsInjectionToken: OP_OPTIONS,
})
  .setClassMethodName('forRoot')
  .build();
