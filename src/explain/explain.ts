// Owns what people are told of a code, wherever they met it: in an answer, a log, a setting or a finding of the doctor.

import { metaOf } from '../config/declare-setting.ts';
import { nearestOf } from '../config/nearest.ts';
import { settingNames } from '../config/setting-names.ts';
import { environment } from '../config/settings.ts';
import { meanings } from '../doctor/checks.ts';
import { type ErrorCode, errorCodes } from '../errors.ts';
import { limitRefusals } from '../limits.ts';
import { errorExplanations } from './error-explanations.ts';

/** What a code is, in sentences. */
export interface Explained {
  readonly code: string;
  readonly kind: 'error' | 'finding' | 'limit' | 'setting';
  readonly meaning: string;
  /** Error: what it most likely comes from. Finding: what it leads to. */
  readonly cause?: string;
  readonly consequence?: string;
  readonly remedy: string | null;
}

/** All codes, each with what it is. */
export function explainAll(): Explained[] {
  const shape: Readonly<Record<string, Parameters<typeof metaOf>[0]>> = environment.shape;
  return [
    ...Object.entries(errorCodes).map(([code, meaning]) => explainError(code, meaning)),
    ...Object.entries(meanings).map(([code, { severity, consequence, remedy }]): Explained => {
      return { code, kind: 'finding', meaning: `The doctor finds it at a site (${severity}).`, consequence, remedy };
    }),
    ...[...limitRefusals()].map(([code, meaning]): Explained => {
      const remedy =
        'Ask for less at once. Settings whose names begin with LIMIT_ raise some of them; headgate explain lists both.';
      return { code, kind: 'limit', meaning: `${meaning} (The value is the default.)`, remedy };
    }),
    ...settingNames().map((code): Explained => {
      const meta = shape[code] && metaOf(shape[code]);
      return { code, kind: 'setting', meaning: meta?.description ?? '', remedy: `It must be ${meta?.expects ?? ''}.` };
    }),
  ];
}

function explainError(code: string, meaning: string): Explained {
  const explanation = isErrorCode(code) ? errorExplanations[code] : undefined;
  return { code, kind: 'error', meaning, ...(explanation ?? {}), remedy: explanation?.remedy ?? null };
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code);
}

/** What a code is; or the nearest one that there is, null for none. Capitals, `-` and `_` do not count. */
export function explain(code: string): Explained | { readonly nearest: string | null } {
  const all = explainAll();
  const plain = (text: string) => text.toLowerCase().replaceAll('_', '-');
  const found = all.find((one) => one.code === code) ?? all.find((one) => plain(one.code) === plain(code));
  if (found) return found;
  const codes = all.map((one) => one.code);
  return { nearest: nearestOf(code, codes) };
}
