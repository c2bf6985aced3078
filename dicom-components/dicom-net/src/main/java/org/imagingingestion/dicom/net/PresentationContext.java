package org.imagingingestion.dicom.net;

import java.util.List;

/**
 * A presentation context as it is proposed (PS3.8 §9.3.2.2).
 *
 * @param id odd, 1 to 255
 * @param abstractSyntax SOP Class UID
 * @param transferSyntaxes UIDs, as the requestor would have them
 */
public record PresentationContext(int id, String abstractSyntax, List<String> transferSyntaxes) {
    /** What became of a proposed presentation context (PS3.8 §9.3.3.2). */
    public enum Result {
        ACCEPTANCE,
        USER_REJECTION,
        NO_REASON,
        ABSTRACT_SYNTAX_NOT_SUPPORTED,
        TRANSFER_SYNTAXES_NOT_SUPPORTED
    }

    /**
     * The answer to a proposed presentation context.
     *
     * @param transferSyntax UID of the one accepted; without meaning where the context is not
     */
    public record Answer(int id, Result result, String transferSyntax) {
        public boolean isAccepted() {
            return result == Result.ACCEPTANCE;
        }
    }

    /** A context that both sides agreed on. */
    public record Accepted(int id, String abstractSyntax, String transferSyntax) {}
}
