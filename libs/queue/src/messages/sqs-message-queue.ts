import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type Message,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import {
  type DeadLetter,
  MAX_RECEIVES,
  type MessageQueue,
  NEVER_DONE,
  RETENTION_SECONDS,
  type ReceivedMessage,
  type ReceiveOptions,
  VISIBILITY_SECONDS,
  WAIT_SECONDS,
  deadLetterQueue,
} from './message-queue';

export interface SqsMessageQueueOptions {
  endpoint: string;
  region: string;
  /** Left out: as the SDK finds them (environment, profile, instance role). */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** As many as one request to SQS may ask for. */
const BATCH = 10;
/** For so long a dead letter that is looked at is seen by nobody else. */
const LOOK_SECONDS = 20;
/** Few enough to be sent while nobody else sees them. */
const REDRIVEN_AT_ONCE = 500;
/** The attribute in which a dead letter says why it is dead. */
const REASON = 'reason';

/** Messages over SQS. A queue that does not exist is made, with its dead letters. */
export class SqsMessageQueue implements MessageQueue {
  private readonly client: SQSClient;
  private readonly urls = new Map<string, Promise<string>>();

  constructor(options: SqsMessageQueueOptions) {
    this.client = new SQSClient(options);
  }

  async send(queue: string, body: string): Promise<void> {
    await this.client.send(new SendMessageCommand({ QueueUrl: await this.url(queue), MessageBody: body }));
  }

  async receive(queue: string, options: ReceiveOptions): Promise<ReceivedMessage[]> {
    const { maxMessages, waitSeconds, visibilitySeconds, signal } = options;
    const QueueUrl = await this.url(queue);
    const request = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: Math.min(maxMessages, BATCH),
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: visibilitySeconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    try {
      const { Messages = [] } = await this.client.send(request, { abortSignal: signal });
      return Messages.map((message) => this.received(queue, QueueUrl, message));
    } catch (error) {
      if (signal.aborted) return [];
      throw error;
    }
  }

  /** SQS cannot be looked into: letters are received and given back, and for that moment nobody else sees them. */
  async deadLetters(queue: string, limit: number): Promise<DeadLetter[]> {
    const QueueUrl = await this.url(deadLetterQueue(queue));
    const letters = await this.takeDead(QueueUrl, limit);
    for (const { ReceiptHandle } of letters)
      await this.client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      );
    return letters.map(({ Body = '', MessageAttributes }) => ({
      body: Body,
      reason: MessageAttributes?.[REASON]?.StringValue ?? NEVER_DONE,
    }));
  }

  async redrive(queue: string): Promise<number> {
    const QueueUrl = await this.url(deadLetterQueue(queue));
    // Those that are there now: what fails again at once is dead again before we are done.
    const letters = await this.takeDead(QueueUrl, REDRIVEN_AT_ONCE);
    for (const { Body = '', ReceiptHandle } of letters) {
      // In this order a crash between them sends it twice, and never loses it.
      await this.send(queue, Body);
      await this.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return letters.length;
  }

  ready(): Promise<boolean> {
    return this.client.send(new ListQueuesCommand({ MaxResults: 1 })).then(
      () => true,
      () => false,
    );
  }

  close(): Promise<void> {
    this.client.destroy();
    return Promise.resolve();
  }

  private async takeDead(QueueUrl: string, limit: number): Promise<Message[]> {
    const letters: Message[] = [];
    while (letters.length < limit) {
      const request = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: Math.min(limit - letters.length, BATCH),
        VisibilityTimeout: LOOK_SECONDS,
        // 0 would ask a few of SQS's servers only, and find nothing in a queue that holds little.
        WaitTimeSeconds: 1,
        MessageAttributeNames: [REASON],
      });
      const { Messages = [] } = await this.client.send(request);
      if (Messages.length === 0) break;
      letters.push(...Messages);
    }
    return letters;
  }

  private received(queue: string, QueueUrl: string, message: Message): ReceivedMessage {
    const { Body = '', ReceiptHandle, Attributes } = message;
    const remove = async () => {
      await this.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    };
    return {
      body: Body,
      receiveCount: Number(Attributes?.ApproximateReceiveCount ?? 1),
      extend: async (VisibilityTimeout) => {
        await this.client.send(
          new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
        );
      },
      delete: remove,
      bury: async (reason) => {
        await this.client.send(
          new SendMessageCommand({
            QueueUrl: await this.url(deadLetterQueue(queue)),
            MessageBody: Body,
            MessageAttributes: { [REASON]: { DataType: 'String', StringValue: reason || NEVER_DONE } },
          }),
        );
        await remove();
      },
    };
  }

  private url(queue: string): Promise<string> {
    const known = this.urls.get(queue);
    if (known) return known;
    const url = this.findOrCreate(queue);
    this.urls.set(queue, url);
    url.catch(() => this.urls.delete(queue));
    return url;
  }

  private async findOrCreate(queue: string): Promise<string> {
    try {
      return urlIn(await this.client.send(new GetQueueUrlCommand({ QueueName: queue })));
    } catch (error) {
      if (!(error instanceof QueueDoesNotExist)) throw error;
      return this.create(queue);
    }
  }

  private async create(QueueName: string): Promise<string> {
    const Attributes: Record<string, string> = {
      VisibilityTimeout: String(VISIBILITY_SECONDS),
      MessageRetentionPeriod: String(RETENTION_SECONDS),
      ReceiveMessageWaitTimeSeconds: String(WAIT_SECONDS),
    };
    if (!QueueName.endsWith(deadLetterQueue(''))) {
      const deadLetterTargetArn = await this.arn(await this.url(deadLetterQueue(QueueName)));
      Attributes.RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: MAX_RECEIVES });
    }
    return urlIn(await this.client.send(new CreateQueueCommand({ QueueName, Attributes })));
  }

  private async arn(QueueUrl: string): Promise<string | undefined> {
    const request = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
    const { Attributes } = await this.client.send(request);
    return Attributes?.QueueArn;
  }
}

function urlIn({ QueueUrl }: { QueueUrl?: string }): string {
  if (!QueueUrl) throw new Error('SQS told no address of a queue.');
  return QueueUrl;
}
