import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type DeadLetter, type DeadLetterFilter, type DeadLetterPage, NEVER_DONE } from './message-queue';

/** The attribute in which a dead letter says why it is dead. */
export const REASON = 'reason';
/** As many as one request to SQS may ask for. */
const BATCH = 10;
/** For so long a letter that is looked at is seen by nobody else. */
const LOOK_SECONDS = 60;
/** What one look sees at most: few enough for it to end before they are seen again. */
const MAX_LOOKED_AT = 5_000;

/** A letter that we hold. */
interface Held {
  letter: DeadLetter;
  receipt: string;
}

/**
 * The dead letters of one queue. SQS cannot be looked into: letters are received and given back, and for that moment
 * nobody else sees them.
 */
export class SqsDeadLetters {
  constructor(
    private readonly client: SQSClient,
    private readonly url: string,
  ) {}

  /** They come in no order: all are looked at, and no more than the page is kept. */
  async page({ limit, after, isWanted }: DeadLetterPage): Promise<DeadLetter[]> {
    let page: DeadLetter[] = [];
    const looked: string[] = [];
    try {
      for await (const batch of this.batches()) {
        looked.push(...batch.map(({ receipt }) => receipt));
        for (const { letter } of batch)
          if ((!after || isBefore(after, letter)) && (await isWanted(letter))) page.push(letter);
        page = page.sort((a, b) => (isBefore(a, b) ? -1 : 1)).slice(0, limit);
      }
    } finally {
      await this.giveBack(looked);
    }
    return page;
  }

  async redrive(isWanted: DeadLetterFilter, send: (body: string) => Promise<void>): Promise<number> {
    const startedAtMs = Date.now();
    const kept: string[] = [];
    let redriven = 0;
    const redriveOne = async ({ letter, receipt }: Held) => {
      // One that is younger has failed again meanwhile.
      if (letter.atMs > startedAtMs || !(await isWanted(letter))) return void kept.push(receipt);
      // In this order a crash between them sends it twice, and never loses it.
      await send(letter.body);
      await this.client.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle: receipt }));
      redriven += 1;
    };
    try {
      for await (const batch of this.batches()) await Promise.all(batch.map(redriveOne));
    } finally {
      await this.giveBack(kept);
    }
    return redriven;
  }

  private async *batches(): AsyncGenerator<Held[]> {
    const seen = new Set<string>();
    while (seen.size < MAX_LOOKED_AT) {
      const request = new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: BATCH,
        VisibilityTimeout: LOOK_SECONDS,
        // 0 would ask a few of SQS's servers only, and find nothing in a queue that holds little.
        WaitTimeSeconds: 1,
        MessageAttributeNames: [REASON],
        MessageSystemAttributeNames: ['SentTimestamp'],
      });
      const { Messages = [] } = await this.client.send(request);
      const fresh = Messages.map(toHeld).filter(({ letter }) => !seen.has(letter.id));
      if (fresh.length === 0) return;
      for (const { letter } of fresh) seen.add(letter.id);
      yield fresh;
    }
  }

  private async giveBack(receipts: readonly string[]): Promise<void> {
    for (let start = 0; start < receipts.length; start += BATCH) {
      const batch = receipts.slice(start, start + BATCH);
      const Entries = batch.map((ReceiptHandle, index) => ({
        Id: String(index),
        ReceiptHandle,
        VisibilityTimeout: 0,
      }));
      await this.client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.url, Entries }));
    }
  }
}

function isBefore(a: Pick<DeadLetter, 'id' | 'atMs'>, b: Pick<DeadLetter, 'id' | 'atMs'>): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.id < b.id);
}

function toHeld(message: Message): Held {
  const { MessageId: id = '', Body: body = '', ReceiptHandle: receipt = '' } = message;
  const reason = message.MessageAttributes?.[REASON]?.StringValue ?? NEVER_DONE;
  return { letter: { id, atMs: Number(message.Attributes?.SentTimestamp ?? 0), body, reason }, receipt };
}
