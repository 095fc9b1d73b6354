// Owns the child's end of the questions that the bench asks its processes.

/** Answers by the name of the question. */
export type Answers = Readonly<Record<string, (value: unknown) => unknown>>;

/** Answers the parent's questions, and ends this process with its parent. */
export function answerParent(answers: Answers): void {
  process.on('message', (message) => {
    if (!isQuestion(message)) return;
    const { id, name, value } = message;
    const answer = answers[name];
    // Another listener of this process may know.
    if (answer === undefined) return;
    Promise.resolve()
      .then(() => answer(value))
      .then(
        (result) => process.send?.({ id, result }),
        (error: unknown) => process.send?.({ id, error: String(error) }),
      );
  });
  process.on('disconnect', () => process.exit());
}

interface Question {
  readonly id: number;
  readonly name: string;
  readonly value: unknown;
}

function isQuestion(message: unknown): message is Question {
  return typeof message === 'object' && message !== null && 'id' in message && 'name' in message && 'value' in message;
}
