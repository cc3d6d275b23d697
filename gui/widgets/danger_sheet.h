// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>
#include <QPair>
#include <QString>

#include <optional>

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
    static std::optional<models::Consent> ask(const Theme& theme, const DangerFacts& facts,
                                              QWidget* parent);
    QString reason() const;
    models::Consent consent() const;
    /// A box to tick that does more with the same verb: `more` is what is asked then, of the same
    /// class. `whyNot`: why it cannot be ticked; empty: it can. Before the sheet is shown, once.
    void offer(const QString& text, const QString& whyNot, const DangerFacts& more);
    /// The box is ticked.
    bool doesMore() const;

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
    QPushButton* m_copy = nullptr;
    QPushButton* m_accept = nullptr;
};

}  // namespace ifrit::gui::widgets
