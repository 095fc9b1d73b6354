// Owns the tests of the arguments that commands take, and of what people read about others.

import { describe, expect, it } from 'vitest';
import { readArguments, settingArguments, siteArgument, toSettings } from '../../../src/cli/arguments.ts';
import type { Command } from '../../../src/cli/command.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';
import { toFlag } from '../../../src/config/given-settings.ts';
import { secretFiles, settingNames } from '../../../src/config/setting-names.ts';

const command: Command = {
  name: 'headgate doctor',
  description: '',
  args: { ...siteArgument, json: { type: 'boolean' }, ...settingArguments },
  run: () => {},
};

function settingsOf(...args: string[]) {
  return toSettings(readArguments(args, command));
}

describe('arguments', () => {
  it('have a flag with a description for each setting, and for the file of each secret', () => {
    const names = [...settingNames(), ...secretFiles().values()];
    expect(Object.keys(settingArguments).map((name) => `--${name}`)).toEqual(names.map(toFlag));
    expect(Object.values(settingArguments).filter(({ description }) => !description)).toEqual([]);
  });

  it('are the address of a site and settings, in any order and form', () => {
    expect(settingsOf('a.example', '--port', '80', '--host=::1', '--log-level', 'warn')).toEqual({
      WORDPRESS_URL: 'a.example',
      PORT: '80',
      HOST: '::1',
      LOG_LEVEL: 'warn',
    });
    expect(settingsOf('--wordpress-url', 'a.example')).toEqual({ WORDPRESS_URL: 'a.example' });
    expect(settingsOf('--port', '80', '--port=81')).toEqual({ PORT: '81' });
  });

  it('need not say "on"', () => {
    expect(settingsOf('--trace', 'a.example')).toEqual({ TRACE: 'on', WORDPRESS_URL: 'a.example' });
    expect(settingsOf('--hardened', '--trace', 'off')).toEqual({ HARDENED: 'on', TRACE: 'off' });
    expect(settingsOf('--graphiql=off')).toEqual({ GRAPHIQL: 'off' });
  });

  it('may be flags of the command itself', () => {
    expect(readArguments(['--json', 'a.example'], command)).toEqual({ json: true, url: 'a.example' });
  });

  it.each([
    [['--prot', '80'], '--prot is no flag of headgate doctor; did you mean --port? See headgate doctor --help.'],
    [['--jsn'], '--jsn is no flag of headgate doctor; did you mean --json? See headgate doctor --help.'],
    [['--xylophone'], '--xylophone is no flag of headgate doctor. See headgate doctor --help.'],
    [['-x'], '-x is no flag of headgate doctor'],
    [['--port'], '--port needs a value: a port number from 0 to 65535.'],
    [['--port', '--json'], '--port needs a value: a port number from 0 to 65535.'],
    [
      ['a.example', 'b.example'],
      'headgate doctor does not know what to do with "b.example". See headgate doctor --help.',
    ],
  ])('are refused with a remedy: %o', (args, message) => {
    expect(() => readArguments(args, command)).toThrow(UsageError);
    expect(() => readArguments(args, command)).toThrow(message);
  });
});
