/** Whether this is production, when the options do not say. */
export const isProductionByDefault = (): boolean => process.env['NODE_ENV'] === 'production';
