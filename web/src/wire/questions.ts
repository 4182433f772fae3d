// What was asked over a socket and is not answered yet.
import { answerFrom, noAnswer } from './answers.ts';
import type { Answer, Clock } from './ports.ts';
import type { Socket } from './socket.ts';

const kAnswerWithinMs = 10_000;

export interface Questions {
  ask<T>(over: Socket, event: string, payload: unknown): Promise<Answer<T>>;
  /** None of them will be answered: the socket is lost. */
  giveUp(): void;
}

export function makeQuestions(clock: Clock): Questions {
  const waiting = new Set<() => void>();
  return {
    ask: <T>(over: Socket, event: string, payload: unknown) => new Promise<Answer<T>>((resolve) => {
      const end = (answer: Answer<T>): void => {
        if (!waiting.delete(giveUp)) return;
        stop();
        resolve(answer);
      };
      const giveUp = (): void => end(noAnswer());
      const stop = clock.after(kAnswerWithinMs, giveUp);
      waiting.add(giveUp);
      over.emit(event, payload, (answer) => end(answerFrom<T>(answer)));
    }),
    giveUp() {
      for (const giveUp of [...waiting]) giveUp();
    },
  };
}
