export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's properties have no types here
  readonly Properties?: any;
  readonly UpdateReplacePolicy?: string;
  readonly DeletionPolicy?: string;
}

export interface StackTemplate {
  readonly id: string;
  readonly stackName: string;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, { readonly Value: unknown; readonly Export?: unknown }>>;
}

/** A resource where it stands. `name` is `<stack>/<logical id>`. */
export interface Placed extends Resource {
  readonly name: string;
  readonly stack: string;
}

export interface Statement {
  readonly owner: string;
  readonly effect: string;
  readonly actions: readonly string[];
  /** As text; what names another resource reads `{<stack>/<logical id>}`. */
  readonly resources: readonly string[];
  readonly conditions: unknown;
}

const list = <Value>(value: Value | readonly Value[] | undefined): readonly Value[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Value];

/** Whatever is not named is meant: as wide as a wildcard. */
const allBut = (named: string): string => `* but ${named}`;

/** All stacks of a synthesis as one, so that a test can follow a reference from one to the next. */
export class Templates {
  readonly stacks: readonly StackTemplate[];

  constructor(stacks: readonly StackTemplate[]) {
    this.stacks = stacks;
  }

  all(type: string, stack?: string): readonly Placed[] {
    return this.stacks
      .filter(({ id }) => stack === undefined || id === stack)
      .flatMap(({ id, resources }) =>
        Object.entries(resources)
          .filter(([, resource]) => resource.Type === type)
          .map(([logicalId, resource]) => ({ ...resource, stack: id, name: `${id}/${logicalId}` })),
      );
  }

  /** A value of `stack` as text, references followed across stacks. */
  text(stack: string, value: unknown): string {
    if (typeof value !== 'object' || value === null) return String(value);
    const [[intrinsic, argument]] = Object.entries(value) as [[string, unknown]];
    switch (intrinsic) {
      case 'Ref':
        return String(argument).startsWith('AWS::') ? `<${argument}>` : `{${stack}/${argument}}`;
      case 'Fn::GetAtt':
        return `{${stack}/${(argument as string[])[0]}}`;
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown[]];
        return parts.map((part) => this.text(stack, part)).join(separator);
      }
      case 'Fn::GetStackOutput':
        return this.textOfOutput(argument as { StackName: string; OutputName: string });
      default:
        throw new TypeError(`no rule for ${intrinsic}, expected Ref, GetAtt, Join or GetStackOutput`);
    }
  }

  /** The resources a value names. */
  referents(stack: string, value: unknown): readonly string[] {
    return [...this.text(stack, value).matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name as string);
  }

  /** What roles may do, statement by statement, in whichever of the three places a policy can stand. */
  grants(): readonly Statement[] {
    return [...this.policies(), ...this.all('AWS::IAM::Role')].flatMap((owner) => this.granted(owner));
  }

  /** Queues whose failed messages go nowhere, though they are no last stop themselves. */
  queuesWithoutDeadLetters(): readonly string[] {
    const queues = this.all('AWS::SQS::Queue');
    const ends = [
      ...queues.flatMap(({ stack, Properties }) =>
        this.referents(stack, Properties?.RedrivePolicy?.deadLetterTargetArn ?? ''),
      ),
      ...this.all('AWS::Scheduler::Schedule').flatMap(({ stack, Properties }) =>
        this.referents(stack, Properties.Target.DeadLetterConfig?.Arn ?? ''),
      ),
    ];
    return queues
      .filter(({ name, Properties }) => !Properties?.RedrivePolicy && !ends.includes(name))
      .map(({ name }) => name);
  }

  statements(owner: Placed, statements: unknown): readonly Statement[] {
    // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's properties have no types here
    return list(statements as any).map((statement: any) => ({
      owner: owner.name,
      effect: statement.Effect,
      actions: [...list(statement.Action), ...list(statement.NotAction).map(allBut)],
      resources: [
        ...list(statement.Resource).map((resource) => this.text(owner.stack, resource)),
        ...list(statement.NotResource).map((resource) => allBut(this.text(owner.stack, resource))),
      ],
      conditions: statement.Condition,
    }));
  }

  /** What the function of this name may do. */
  grantsOf(functionName: string): readonly Statement[] {
    const fn = this.fn(functionName);
    const role = this.referents(fn.stack, fn.Properties.Role)[0] as string;
    const attached = this.policies().filter(({ stack, Properties }) =>
      list(Properties.Roles).some((each) => this.referents(stack, each).includes(role)),
    );
    const own = this.all('AWS::IAM::Role').filter(({ name }) => name === role);
    return [...attached, ...own].flatMap((owner) => this.granted(owner));
  }

  private policies(): readonly Placed[] {
    return [...this.all('AWS::IAM::Policy'), ...this.all('AWS::IAM::ManagedPolicy')];
  }

  private granted(owner: Placed): readonly Statement[] {
    const { PolicyDocument, Policies = [] } = owner.Properties;
    const documents = [
      PolicyDocument,
      ...Policies.map((policy: Resource['Properties']) => policy.PolicyDocument),
    ];
    return documents.flatMap((document) => this.statements(owner, document?.Statement));
  }

  /** Stage `local` names its functions. */
  fn(functionName: string): Placed {
    return this.one('AWS::Lambda::Function', ({ Properties }) => Properties.FunctionName === functionName);
  }

  one(type: string, is: (resource: Placed) => boolean): Placed {
    const found = this.all(type).filter(is);
    if (found.length !== 1) throw new TypeError(`${found.length} of ${type} match, expected one`);
    return found[0] as Placed;
  }

  private textOfOutput(output: { StackName: string; OutputName: string }): string {
    const producer = this.stacks.find(({ stackName }) => stackName === output.StackName);
    const value = producer?.outputs[output.OutputName]?.Value;
    if (producer === undefined || value === undefined) {
      throw new TypeError(
        `${output.StackName} has no output ${output.OutputName}, which another stack reads`,
      );
    }
    return this.text(producer.id, value);
  }
}
