import { documented, type OwnMapping } from '../../../shared/mapping/index.ts';
import type { Mapping } from '../../../shared/ports/index.ts';
import { interpretCase, projectCase } from './mapping/case.ts';
import { interpretComment, projectComment } from './mapping/comment.ts';
import { interpretContact, projectContact } from './mapping/contact.ts';
import { decode } from './mapping/decode.ts';
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
      case 'attachment':
        return {};
    }
  },

  interpret(kind, raw, context) {
    switch (kind) {
      case 'ticket':
        return interpretCase(raw);
      case 'comment':
        return interpretComment(raw, context);
      case 'contact':
        return interpretContact(raw);
      case 'attachment':
        return raw;
    }
  },

  canonicalForm: (_kind, field, raw) => canonicalForm(field, raw),
};

export const mapping: Mapping = documented(own, standard);
