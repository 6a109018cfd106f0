/** Tells the hub of every change to a case comment, once the change is committed. */
trigger DeskbridgeCaseComment on CaseComment(after insert, after update, after delete, after undelete) {
    if (Trigger.isDelete) {
        DeskbridgeCommentEvents.publishDeleted(Trigger.old, UserInfo.getUserId());
    } else {
        DeskbridgeCommentEvents.publishSaved(Trigger.newMap.keySet(), Trigger.operationType);
    }
}
