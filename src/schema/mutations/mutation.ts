// Owns what all mutations share: their input and payload in WPGraphQL's shape, the viewer they need, and their errors.

import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { Creation, Once } from '../../loaders/idempotency.ts';
import { type ArgDeclaration, asExtension, type Builder, type FieldDeclarations } from '../builder.ts';
import { isObject } from '../read.ts';
import { toRefusal } from './refusals.ts';
import { createTurns, type StartMutation } from './together.ts';
import type { Input, WriteContext } from './write-context.ts';

/** A mutation. */
export interface MutationDeclaration<Payload extends object> {
  /** Name of its field: `createPost`. */
  readonly name: string;
  readonly description: string;
  /** Fields of its input beside `clientMutationId`. */
  readonly input: Readonly<Record<string, ArgDeclaration>>;
  /** Fields of its payload beside `clientMutationId`. */
  readonly payload: FieldDeclarations<Payload>;
  /** WPGraphQL has no such mutation. */
  readonly isExtension?: boolean;
  /** It makes something each time that it runs: a client may ask that it runs once. */
  readonly isCreation?: boolean;
  /** What it does, for messages: `create posts`. */
  readonly action: string;
  /** REST parameters by their input field, for messages of what WordPress does not accept. */
  readonly parameters?: ReadonlyMap<string, string>;
  /**
   * Whether what it writes first may be sent together with what others of its name write: it writes one thing, and reads
   * nothing that they could have changed.
   */
  readonly isIndependent?: (input: Input) => boolean;
  readonly run: (input: Input, context: WriteContext, info: GraphQLResolveInfo) => Promise<Payload>;
  /** How it is done for people without credentials, where it is a creation; null where they may not. */
  readonly forAnybody?: (context: GatewayContext) => ForAnybody<Payload> | null;
}

/** A creation by people without credentials. */
export interface ForAnybody<Payload> {
  readonly run: (input: Input) => Promise<Payload>;
  /** How many have been carried out, or may have been. */
  readonly arrivals: () => number;
}

/** A mutation that WordPress has no way for: it is there so that documents that have it are valid. */
export interface UnavailableMutation<Payload extends object>
  extends Pick<MutationDeclaration<Payload>, 'name' | 'input' | 'payload'> {
  /** Why, for people. */
  readonly unavailable: string;
}

const clientMutationId = 'Comes back in the payload, so that a client can tell its mutations apart.';

/** Declares a mutation with its input and its payload. */
export function defineMutation<Payload extends object>(
  builder: Builder,
  mutation: MutationDeclaration<Payload> | UnavailableMutation<Payload>,
): void {
  const { name, input, payload } = mutation;
  const isAvailable = 'run' in mutation;
  const takeTurn = createTurns<Payload>((isAvailable && mutation.isIndependent) || (() => false));
  const base = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const describe = (text: string) => (isAvailable && mutation.isExtension ? asExtension(text) : text);
  const inputFields = { clientMutationId: { type: 'String', description: clientMutationId }, ...input };
  builder.input(`${base}Input`, inputFields, describe(`What \`${name}\` takes.`));
  builder.object<Payload>(`${base}Payload`, {
    description: describe(`What \`${name}\` answers.`),
    fields: { ...payload, clientMutationId: { type: 'String', description: clientMutationId } },
  });
  builder.mutation({
    [name]: {
      type: `${base}Payload`,
      description: isAvailable
        ? describe(mutation.description)
        : `Always an error, UNSUPPORTED: ${mutation.unavailable}.`,
      args: { input: `${base}Input!` },
      resolve: async (_, args, context, info) => {
        if (!isAvailable) throw new UserError(`${name}: ${mutation.unavailable}.`, 'UNSUPPORTED');
        const given = isObject(args['input']) ? args['input'] : {};
        try {
          const open = context.viewer === null ? mutation.forAnybody?.(context) : null;
          if (open) {
            const { clientMutationId: told = null, ...input } = given;
            const { run, arrivals } = open;
            // Many people may call from one address: the same key with another input may be somebody else's.
            const creation = `${info.path.key} ${name} ${JSON.stringify(input)}`;
            const create = () => run(input);
            return {
              ...(await perform(context.once, { name: creation, input, create, arrivals })),
              clientMutationId: told,
            };
          }
          const writing = requireViewer(context, mutation.action);
          const start: StartMutation<Payload> = (key, { clientMutationId: _, ...input }, as) => {
            const create = () => mutation.run(input, as, info);
            const once = mutation.isCreation ? as.once : null;
            return perform(once, { name: `${key} ${name}`, input, create, arrivals: as.write.arrivals });
          };
          const answer = await takeTurn({ operation: context, input: given, context: writing, info, start });
          return { ...answer, clientMutationId: given['clientMutationId'] ?? null };
        } catch (error) {
          throw toRefusal(error, mutation.action, mutation.parameters ?? new Map());
        }
      },
    },
  });
}

interface Performed<Payload> extends Omit<Creation<Payload>, 'hasArrived'> {
  readonly arrivals: () => number;
}

/** Runs a mutation; once for its key where that is given. */
function perform<Payload>(once: Once | null, { arrivals, ...creation }: Performed<Payload>): Promise<Payload> {
  if (once === null) return creation.create();
  const before = arrivals();
  return once({ ...creation, hasArrived: () => arrivals() > before });
}

function requireViewer(context: GatewayContext, action: string): WriteContext {
  const { viewer, write, once } = context;
  if (viewer === null || write === null || once === null) {
    throw new UserError(
      `Sorry, you are not allowed to ${action}: send credentials of a WordPress user.`,
      'UNAUTHENTICATED',
    );
  }
  return { ...context, viewer, write, once };
}
