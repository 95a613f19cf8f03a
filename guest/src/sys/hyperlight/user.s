# The other half of the shim: what runs at CPL3 between its CPL0 half, supervisor.s, and
# the program. It continues that file, in the same section.

# Opens the entries of the table in rdx from eax to ecx.
.macro open_entries
2:  mov rsi, [rdx + rax * 8]
    and esi, 5
    cmp esi, 1
    jne 3f
    or byte ptr [rdx + rax * 8], 4
3:  inc eax
    cmp eax, ecx
    jne 2b
.endm

.macro open_table
    table rdx
    xor eax, eax
    mov ecx, 512
    open_entries
.endm

# Opens what the page directory in r14 maps.
.macro open_directory
    xor ebx, ebx
4:  mov rax, [r14 + rbx * 8]
    test al, 1
    jz 6f
    test al, 4
    jnz 5f
    or byte ptr [r14 + rbx * 8], 4
5:  open_table
6:  inc ebx
    cmp ebx, 512
    jne 4b
.endm

# Opens all page tables that the one in r10 maps.
.macro open_window
    mov rax, r10
    sub rax, r11
    open_table
.endm

# Opens image, stack and heap. Keeps rdi.
.macro open_memory
    mov qword ptr ds:[{handler_stack_word}], {handler_stack}
    mov r14, r8
    open_directory
.endm

first:
    open_window
    # The stack to boot on is among the pages at the top of scratch.
    mov rax, [r9 + 511 * 8]
    table rdx
    mov eax, 511 - {reserved}
    mov ecx, 511
    open_entries
    open_memory
    # Settings lie in the first gibibyte.
    or byte ptr [r12], 4
    mov rax, [r12]
    table r14
    open_directory
    mov rsp, {boot_stack}
    xor ebp, ebp
    call {boot}
    mov rsp, rax
    xor ebp, ebp
    call {start}
    ud2

restored:
    open_window
    open_memory
    mov r14, r13
    open_directory
opened_here:
    ud2                                 # resumes behind it, see invalid_opcode
    mov rsp, {handler_stack}
    mov qword ptr ds:[{handler_stack_word}], {handler_stack} - 1024
    xor ebp, ebp
    call {prepare}
    mov qword ptr ds:[{handler_stack_word}], {handler_stack}
resume:
    mov rsp, qword ptr ds:[kept_stack]
    pop rbx
    pop rbp
    pop r12
    pop r13
    pop r14
    pop r15
    ret

.macro keep_stack
    push r15
    push r14
    push r13
    push r12
    push rbp
    push rbx
    mov qword ptr ds:[kept_stack], rsp
.endm

# extern "C" fn(): ends a request; returns with the next one.
.globl hypercell_halt
hypercell_halt:
    keep_stack
    out {port_halt}, al
    ud2

# extern "C" fn(): the same at CPL0, which is what a snapshot then starts from.
.globl hypercell_halt_for_snapshot
hypercell_halt_for_snapshot:
    keep_stack
    lea rax, [rip + dispatch]
halt_here:
    ud2

# extern "C" fn(edi): writes a word to the port of aborts.
.globl hypercell_abort_word
hypercell_abort_word:
    mov eax, edi
    mov edx, {port_abort}
abort_here:
    ud2
    ret

handle_page_fault:
    # A fault in here overwrites the frame: it is copied.
    push qword ptr ds:[{frame_top} - 8]
    push qword ptr ds:[{frame_top} - 16]
    push qword ptr ds:[{frame_top} - 24]
    push qword ptr ds:[{frame_top} - 32]
    push qword ptr ds:[{frame_top} - 40]
    push qword ptr ds:[{frame_top} - 56]
    push rcx
    push rdx
    push rsi
    push rdi
    push r8
    push r9
    push r10
    push r11
    push rbp
    mov rbp, rsp
    and rsp, -16
    sub rsp, 512
    fxsave64 [rsp]
    cld
    mov rdi, qword ptr ds:[{frame_top} - 64]
    mov rsi, qword ptr ds:[{frame_top} - 48]
    lea rdx, [rbp + 10 * 8]             # rip, cs, rflags, rsp, ss
    push qword ptr ds:[{handler_stack_word}]
    push 0
    lea rax, [rsp - 4096]               # below what is called
    mov qword ptr ds:[{handler_stack_word}], rax
    call {on_page_fault}
    pop rax
    pop qword ptr ds:[{handler_stack_word}]
    fxrstor64 [rsp]
    mov rsp, rbp
    pop rbp
    pop r11
    pop r10
    pop r9
    pop r8
    pop rdi
    pop rsi
    pop rdx
    pop rcx
    pop rax
    iretq

report_fault:
    cld
    xor edi, edi
    call {on_fault}
    ud2

.section .data.kept_stack,"aw",@progbits
.balign 8
kept_stack:
    .quad 0
# Offsets of entries that the first request after a restore needs: two in scratch's
# page directory, and one in the table that the second leads to.
.globl hypercell_rings_entry
hypercell_rings_entry:
rings_entry:
    .quad 0
.globl hypercell_buffer_entry
hypercell_buffer_entry:
buffer_entry:
    .quad 0
.globl hypercell_buffer_page_entry
hypercell_buffer_page_entry:
buffer_page_entry:
    .quad 0
.text
