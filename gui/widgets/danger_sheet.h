// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>
#include <QPair>
#include <QString>

#include <functional>
#include <optional>
#include <utility>

#include "gui/models/page_parts.h"

class QCheckBox;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QLabel;
class QVBoxLayout;

namespace ifrit::gui::widgets {

class Theme;

using models::DangerClass;
using models::DangerFacts;

/// The one dialog for everything that changes machines. Cancel is the default button; no key starts
/// a class 3 action.
class DangerSheet : public QDialog {
    Q_OBJECT
public:
    DangerSheet(const Theme& theme, const DangerFacts& facts, QWidget* parent);
    /// Asks with a sheet of its own, and comes back when it is answered; nothing: they would not.
    /// `prepare`: before it is shown.
    static std::optional<models::Consent> ask(
        const Theme& theme, const DangerFacts& facts, QWidget* parent,
        const std::function<void(DangerSheet&)>& prepare = {});
    /// What is asked about may end, or become another thing, before somebody answers: now, and
    /// whenever `sender` says that something changed, `whyNot` is asked why it cannot be done. That
    /// stands in the sheet, and nothing is accepted, until it is empty again.
    template <typename Sender, typename Signal>
    void follow(const Sender& sender, Signal changed, std::function<QString()> whyNot) {
        setWhyNot(whyNot());
        connect(&sender, changed, this,
                [this, whyNot = std::move(whyNot)] { setWhyNot(whyNot()); });
    }
    void setWhyNot(const QString& whyNot);
    /// Of a thing that went.
    static QString gone();
    QString reason() const;
    models::Consent consent() const;
    /// A box to tick that does more with the same verb: `more` is what is asked then, of the same
    /// class. `whyNot`: why it cannot be ticked; empty: it can. Before the sheet is shown, once.
    void offer(const QString& text, const QString& whyNot, const DangerFacts& more);
    /// The box is ticked.
    bool doesMore() const;

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void addReason();
    void addTypedNumber();
    void addPassword();
    void addButtons();
    void showFacts(const DangerFacts& facts);
    void fillFacts();
    void judge();
    QString numberPrompt() const;
    bool isWide() const;
    bool wantsReason() const;

    DangerFacts m_facts;  ///< what is asked now
    DangerFacts m_first;  ///< without what is offered
    QLabel* m_title;
    QLabel* m_sentence;
    QVBoxLayout* m_factsPlace;
    QWidget* m_factsBox = nullptr;
    QCheckBox* m_offer = nullptr;
    QLabel* m_prompt = nullptr;
    QPlainTextEdit* m_reason = nullptr;
    QLineEdit* m_number = nullptr;
    QLineEdit* m_password = nullptr;
    QLabel* m_hint = nullptr;
    QLabel* m_over = nullptr;
    QString m_whyNot;
    QPushButton* m_copy = nullptr;
    QPushButton* m_accept = nullptr;
};

}  // namespace ifrit::gui::widgets
