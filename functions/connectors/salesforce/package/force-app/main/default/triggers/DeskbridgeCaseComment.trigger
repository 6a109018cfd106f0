/**
 * Tells the hub of every change to a case comment, once the change is committed. Salesforce fires no trigger when
 * a comment comes back from the bin: the hub's next pull finds it.
 */
trigger DeskbridgeCaseComment on CaseComment(after insert, after update, after delete) {
    if (Trigger.isDelete) {
        DeskbridgeCommentEvents.publishDeleted(Trigger.old, UserInfo.getUserId());
    } else {
        DeskbridgeCommentEvents.publishSaved(Trigger.newMap.keySet(), Trigger.operationType);
    }
}
