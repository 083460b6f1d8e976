import { OWN_IMAGES, USERS } from '../../src/stages/deploy/services.ts';
import type { ComposeRule } from './compose-template.ts';

/** Nothing that runs while the image is built, nothing that Compose says already. */
const ALLOWED = ['FROM', 'LABEL', 'ENV', 'WORKDIR', 'COPY', 'USER', 'EXPOSE', 'CMD'];
const users: readonly number[] = Object.values(USERS);

/** Instructions with their arguments; comments and continued lines are joined away. */
function instructionsOf(text: string): [keyword: string, argument: string][] {
  const lines = text.replace(/^#.*$/gm, '').replace(/\\\n/g, ' ').split('\n');
  return lines
    .filter((line) => line.trim())
    .map((line) => {
      const [keyword = '', ...rest] = line.trim().split(/\s+/);
      return [keyword.toUpperCase(), rest.join(' ')];
    });
}

function faultsOf(text: string): string[] {
  const instructions = instructionsOf(text);
  const argumentsOf = (keyword: string) => instructions.filter(([one]) => one === keyword).map(([, rest]) => rest);
  const [from = ''] = argumentsOf('FROM');
  const user = Number(argumentsOf('USER').at(-1)?.split(':')[0]);
  return [
    ...(/^#\s*syntax=/im.test(text) ? ['asks for a frontend from a registry'] : []),
    ...instructions.filter(([keyword]) => !ALLOWED.includes(keyword)).map(([keyword]) => `uses ${keyword}`),
    ...(/^[\w./-]+:\d+\.\d+\.\d+(-[\w.]+)?$/.test(from) ? [] : [`base ${from} is not pinned to a version`]),
    ...(users.includes(user) ? [] : ['runs as a user that is not in services.ts']),
    ...argumentsOf('CMD')
      .filter((command) => !command.startsWith('['))
      .map(() => 'starts through a shell'),
    ...argumentsOf('COPY')
      .filter((copy) => copy.includes('--chmod') || copy.includes('--link') || /https?:/.test(copy))
      .map((copy) => `COPY ${copy} needs more than Docker's own builder`),
    ...(argumentsOf('LABEL').some((label) => label.includes('org.opencontainers.image.title='))
      ? []
      : ['has no title']),
  ];
}

/** What images of ours may be built from. */
export const DOCKERFILE_RULES: Readonly<Record<string, ComposeRule>> = {
  everyImageHasARecipe: ({ dockerfiles }) =>
    OWN_IMAGES.filter((name) => !dockerfiles[`images/${name}/Dockerfile`]).map((name) => `images/${name}: is missing`),
  dockerfilesOnlyCopy: ({ dockerfiles }) =>
    Object.entries(dockerfiles).flatMap(([file, text]) => faultsOf(text).map((fault) => `${file}: ${fault}`)),
};
