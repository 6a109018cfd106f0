import { documented, type OwnMapping } from '../../../shared/mapping/index.ts';
import type { Mapping } from '../../../shared/ports/index.ts';
import { projectAccount } from './mapping/account.ts';
import { projectCase } from './mapping/case.ts';
import { interpretComment, projectComment } from './mapping/comment.ts';
import { interpretContact, projectContact } from './mapping/contact.ts';
import { decode } from './mapping/decode.ts';
import { withoutReference } from './mapping/reference.ts';
import { standard } from './mapping/standard.ts';
import { canonicalForm } from './mapping/text.ts';

const own: OwnMapping = {
  decode,

  project(record, context) {
    switch (record.kind) {
      case 'ticket':
        return projectCase(record);
      case 'comment':
        return projectComment(record, context);
      case 'contact':
        return projectContact(record);
      case 'account':
        return projectAccount(record);
      case 'attachment':
        return {};
    }
  },

  interpret(kind, raw, context) {
    switch (kind) {
      case 'ticket':
        return withoutReference(kind, raw);
      case 'comment':
        return interpretComment(raw, context);
      case 'contact':
        return interpretContact(raw);
      case 'account':
      case 'attachment':
        return raw;
    }
  },

  canonicalForm,
};

export const mapping: Mapping = documented(own, standard);
