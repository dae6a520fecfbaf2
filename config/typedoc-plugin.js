import { Application, Converter, OptionDefaults, ReflectionKind } from 'typedoc';

/** Removes constructors except those of errors, because only Nest and TypeORM call the others. */
export function load(app) {
  app.on(Application.EVENT_BOOTSTRAP_END, () => {
    app.options.setValue('modifierTags', [...OptionDefaults.modifierTags, '@publicApi']);
    app.options.setValue('excludeTags', ['@publicApi']);
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const constructor of project.getReflectionsByKind(ReflectionKind.Constructor)) {
      const bases = constructor.parent.extendedTypes ?? [];
      if (!bases.some(({ name }) => name === 'Error')) project.removeReflection(constructor);
    }
  });
}
