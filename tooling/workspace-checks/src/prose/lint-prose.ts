import { createRequire } from 'node:module';
import {
  TextlintKernel,
  type TextlintKernelPlugin,
  type TextlintKernelRule,
} from '@textlint/kernel';
import { StringSource } from 'textlint-util-to-string';
import { houseStyle, type StyleRule } from './house-style.ts';
import { proseInCode } from './prose-in-code.ts';

export type Finding = { line: number; rule: string; advice: string; sentence: string };

type PluginModule = { default: TextlintKernelPlugin['plugin'] };
// The plugin is CommonJS; `import` gives its default under a name that depends on the loader.
const require = createRequire(import.meta.url);
const markdown: PluginModule = require('@textlint/textlint-plugin-markdown');

const kernel = new TextlintKernel();
const plugins = [{ pluginId: 'markdown', plugin: markdown.default }];

/** Makes a textlint rule that looks at each sentence of paragraphs, headings and table cells. */
function toTextlint(rule: StyleRule, index: number, inCode: boolean): TextlintKernelRule {
  return {
    ruleId: `${index}`,
    rule: (context) => {
      const pattern = (inCode && rule.inCode) || rule.pattern;
      const { Syntax, RuleError, report, locator } = context;
      const look = (node: Parameters<typeof report>[0]) => {
        const source = new StringSource(node as ConstructorParameters<typeof StringSource>[0], {
          replacer: ({ node: part, maskValue }) =>
            part.type === Syntax.Code ? maskValue('_') : undefined,
        });
        for (const { sentence, start } of sentencesOf(source.toString())) {
          if (!pattern.test(sentence)) continue;
          const at = source.originalIndexFromIndex(start) ?? 0;
          const message = JSON.stringify({ rule: rule.name, advice: rule.advice, sentence });
          report(node, new RuleError(message, { padding: locator.at(at) }));
        }
      };
      const everywhere = { [Syntax.Paragraph]: look, [Syntax.TableCell]: look };
      return rule.sparesHeadings ? everywhere : { ...everywhere, [Syntax.Header]: look };
    },
  };
}

/** Splits text after a full stop, question or exclamation mark that a capital or code follows. */
function sentencesOf(text: string): { sentence: string; start: number }[] {
  const masked = text.replace(/`[^`]*`/g, (code) => '_'.repeat(code.length));
  return [...masked.matchAll(/\S[\s\S]*?(?:[.!?]["')]?(?=\s+["'(]?[A-Z_0-9])|$(?![\s\S]))/g)].map(
    (found) => ({ sentence: found[0].replace(/\s+/g, ' ').trim(), start: found.index }),
  );
}

/**
 * Finds the sentences of one file that break the house style.
 *
 * @param path decides by its ending: `.md` is read as Markdown, anything else as TypeScript, of
 *   which doc comments and the texts of errors count
 * @param content text of the file
 */
export async function lintProse(path: string, content: string): Promise<Finding[]> {
  const isMarkdown = path.endsWith('.md');
  // Front matter is read by programs.
  const body = content.replace(/^---\n[\s\S]*?\n---\n/, (front) => front.replace(/[^\n]+/g, ''));
  const { messages } = await kernel.lintText(isMarkdown ? body : proseInCode(content), {
    ext: '.md',
    filePath: path,
    plugins,
    rules: houseStyle.map((rule, index) => toTextlint(rule, index, !isMarkdown)),
  });
  const findings = messages.map(({ line, message }) => ({ line, ...JSON.parse(message) }));
  return [...conflictMarkers(content), ...findings];
}

/** Git's conflict markers. */
function conflictMarkers(content: string): Finding[] {
  return content.split('\n').flatMap((sentence, index) =>
    /^(<{7}|>{7}) /.test(sentence)
      ? [
          {
            line: index + 1,
            rule: 'conflict-marker',
            advice: 'merge the two versions by hand',
            sentence,
          },
        ]
      : [],
  );
}
