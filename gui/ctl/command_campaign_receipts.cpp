// SPDX-License-Identifier: Apache-2.0
// Receipts of a campaign that are carried by hand, where no ifritctl reaches both clusters.
#include <QByteArray>
#include <QList>

#include "gui/ctl/campaign_verbs.h"
#include "gui/ctl/campaign_views.h"
#include "gui/ctl/key_file.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

using services::CampaignBoard;
using services::CampaignInfo;

/// A receipt as a file: two lines of base64, its bytes and its signature.
std::string receiptFileOf(const services::SignedReceipt& receipt) {
    const auto line = [](const std::string& bytes) {
        return QByteArray::fromStdString(bytes).toBase64().toStdString();
    };
    return line(receipt.receipt) + "\n" + line(receipt.signature) + "\n";
}

absl::StatusOr<services::SignedReceipt> receiptOfFile(const std::string& path) {
    IFRIT_ASSIGN_OR_RETURN(const std::string text, readSmallFile(path));
    const auto lines = QByteArray::fromStdString(text).trimmed().split('\n');
    services::SignedReceipt out;
    if (lines.size() == 2) {
        const auto strict = QByteArray::AbortOnBase64DecodingErrors;
        out.receipt = QByteArray::fromBase64(lines.front().trimmed(), strict).toStdString();
        out.signature = QByteArray::fromBase64(lines.back().trimmed(), strict).toStdString();
    }
    if (!out.receipt.empty() && !out.signature.empty()) return out;
    return base::invalidArgument(
        "RECEIPT_FILE", path, "{} is no receipt; make it with 'ifritctl campaign receipt --save'",
        path);
}

absl::Status receipt(Shell& shell, const CampaignVerbOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const CampaignLines lines, CampaignLines::open(shell, options.asked));
    IFRIT_ASSIGN_OR_RETURN(const CampaignBoard board, lines.board(options.campaign));
    IFRIT_ASSIGN_OR_RETURN(const std::size_t at, seatNamed(board, options.cluster));
    const services::CampaignSeat& seat = board.seats()[at];
    if (!seat.held) return unseen(lines, seat);
    IFRIT_ASSIGN_OR_RETURN(
        const services::ReceiptInfo made, shell.await<services::ReceiptInfo>([&](auto reply) {
            return lines.session(seat.cluster)->campaigns().receipt(board.id(), std::move(reply));
        }));
    if (!options.file.empty()) {
        IFRIT_RETURN_IF_ERROR(
            writeNewFile(options.file, receiptFileOf(made.carried), Secrecy::Public));
        shell.note(fmt::format("the receipt is in {}", options.file));
    }
    shell.print().one(receiptView(), made);
    return absl::OkStatus();
}

absl::Status present(Shell& shell, const CampaignVerbOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const services::SignedReceipt carried, receiptOfFile(options.file));
    IFRIT_ASSIGN_OR_RETURN(const CampaignLines lines, CampaignLines::open(shell, options.asked));
    IFRIT_ASSIGN_OR_RETURN(CampaignBoard board, lines.board(options.campaign));
    IFRIT_ASSIGN_OR_RETURN(const std::size_t at, seatNamed(board, options.cluster));
    const services::CampaignSeat& seat = board.seats()[at];
    if (!seat.held) return unseen(lines, seat);
    IFRIT_RETURN_IF_ERROR(shell
                              .await<CampaignInfo>([&](auto reply) {
                                  return lines.session(seat.cluster)
                                      ->campaigns()
                                      .present(board.id(), carried, shell.mutation(),
                                               std::move(reply));
                              })
                              .status());
    IFRIT_ASSIGN_OR_RETURN(board, lines.again(board));
    printBoard(shell.print(), board);
    return absl::OkStatus();
}

}  // namespace

void addCampaignReceipts(Shell& shell, const std::shared_ptr<CampaignVerbOptions>& options) {
    CLI::App& receiptVerb = addCampaignVerb(
        shell, options,
        {"receipt", "A cluster's receipt, also as a file to be carried by hand",
         "ifritctl campaign receipt 'logd 1.4' --cluster eu-test --save eu-test.receipt"},
        receipt);
    receiptVerb.add_option("--cluster", options->cluster, "Whose")->type_name("NAME")->required();
    receiptVerb.add_option("--save", options->file, "Write it there")->type_name("FILE");
    CLI::App& presentVerb = addCampaignVerb(
        shell, options,
        {"present", "Give a cluster the receipt of the one before it, from a file",
         "ifritctl campaign present 'logd 1.4' --cluster eu-prod --receipt eu-test.receipt"},
        present);
    presentVerb.add_option("--cluster", options->cluster, "Which is given it")
        ->type_name("NAME")
        ->required();
    presentVerb.add_option("--receipt", options->file, "As 'receipt --save' wrote it")
        ->type_name("FILE")
        ->required();
}

}  // namespace ifrit::gui::ctl
